import { useMediaQuery } from "@mantine/hooks";
import { useMemo } from "react";
import { FormattedMessage } from "react-intl";
import { Panel } from "@/components/Panel";
import { StateMark, stateOfPhase, useWorkNames, type WorkState } from "@/components/work";
import type { BatchStatusBody } from "@/lib/api";
import { type Column, TEXT } from "../lib/cell-state";
import { drawn, layered } from "../lib/layers";
import classes from "./PipelineGraph.module.css";

interface PipelineGraphProps {
  batch: BatchStatusBody;
  columns: readonly Column[];
  chosen: string | null;
  onChoose: (phase: string | null) => void;
}

const RIGHT = { boxWidth: 248, boxHeight: 92, gap: 56, spread: 16, direction: "right" } as const;
const DOWN = { boxWidth: 268, boxHeight: 92, gap: 28, spread: 12, direction: "down" } as const;
/** Where two stand beside each other on a phone, which has room for both. */
const DOWN_ABREAST = { ...DOWN, boxWidth: 143, boxHeight: 108, spread: 10 } as const;

/**
 * The graph of the phases with their counts. The arrows are a drawing; the nodes are a list of buttons that lie over
 * it, so that everybody reads and presses the same ones.
 */
export function PipelineGraph({ batch, columns, chosen, onChoose }: PipelineGraphProps) {
  const isNarrow = useMediaQuery("(max-width: 48em)");
  const drawing = useMemo(() => {
    const graph = columns.map((column) => ({
      id: column.name,
      after: column.name === TEXT ? [] : column.dependsOn.length > 0 ? column.dependsOn : [TEXT],
    }));
    const layers = layered(graph);
    if (!isNarrow) return drawn(layers, RIGHT);
    return drawn(layers, layers.breadth > 1 ? DOWN_ABREAST : DOWN);
  }, [columns, isNarrow]);
  const nodes = columns.map((column) => nodeOf(column, batch));

  return (
    <Panel aria-labelledby="batch-graph" className={classes.panel}>
      <h2 id="batch-graph">
        <FormattedMessage id="batch.graph" />
      </h2>
      <div className={classes.scroll}>
        <div className={classes.graph} style={{ width: drawing.width, height: drawing.height }}>
          <svg
            className={classes.arrows}
            width={drawing.width}
            height={drawing.height}
            aria-hidden="true"
            focusable="false"
          >
            <defs>
              <marker
                id="batch-arrow"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto"
              >
                <path d="M1 1 7 4 1 7Z" className={classes.tip} />
              </marker>
            </defs>
            {drawing.edges.map((edge) => (
              <path
                key={`${edge.from} ${edge.to}`}
                d={edge.d}
                className={classes.arrow}
                data-moving={nodes.find((node) => node.name === edge.to)?.state === "running"}
                markerEnd="url(#batch-arrow)"
              />
            ))}
          </svg>
          <ol className={classes.nodes}>
            {drawing.boxes.map((box) => {
              const node = nodes.find((each) => each.name === box.id);
              return (
                node && (
                  <li
                    key={box.id}
                    style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
                  >
                    <Node
                      node={node}
                      isChosen={chosen === node.name}
                      onPress={() => onChoose(chosen === node.name ? null : node.name)}
                    />
                  </li>
                )
              );
            })}
          </ol>
        </div>
      </div>
      <p className={classes.hint}>
        <FormattedMessage id="batch.graph.hint" />
      </p>
    </Panel>
  );
}

interface NodeData {
  name: string;
  state: WorkState;
  done: number;
  failed: number;
  total: number;
  isOfClass: boolean;
}

function nodeOf({ name, progress, isOfClass = false }: Column, batch: BatchStatusBody): NodeData {
  const count = (status: string) => batch.essay_counts[status] ?? 0;
  const total = batch.expected_essay_count;
  if (name === TEXT) {
    const failed = count("content_failed");
    const waiting = count("awaiting_content");
    const done = total - failed - waiting;
    const ended = failed === 0 ? "done" : done === 0 ? "failed" : "partly";
    return { name, done, failed, total, isOfClass, state: waiting > 0 ? "waiting" : ended };
  }
  if (!progress) return { name, done: 0, failed: 0, total: 0, isOfClass, state: "idle" };
  return {
    name,
    done: progress.done + progress.reused,
    failed: progress.failed,
    total:
      progress.total + progress.reused ||
      total - count("content_failed") - count("awaiting_content"),
    isOfClass,
    state: stateOfPhase(progress.status),
  };
}

interface NodeProps {
  node: NodeData;
  isChosen: boolean;
  onPress: () => void;
}

function Node({ node, isChosen, onPress }: NodeProps) {
  const names = useWorkNames();
  const share = node.total > 0 ? (node.done + node.failed) / node.total : 0;
  return (
    <button
      type="button"
      className={classes.node}
      data-state={node.state}
      aria-pressed={isChosen}
      onClick={onPress}
    >
      <span className={classes.top}>
        <StateMark state={node.state} size={20} />
        <strong>{names.phase(node.name)}</strong>
      </span>
      <span className={classes.state}>
        <FormattedMessage id={`state.${node.state}`} />
      </span>
      {node.total > 0 && node.state !== "idle" && (
        <span className={classes.count}>
          <FormattedMessage
            id={
              !node.isOfClass
                ? "batch.graph.count"
                : node.state === "running"
                  ? "batch.graph.steps"
                  : "batch.graph.stepsDone"
            }
            values={{ done: node.done, total: node.total }}
          />
          {node.failed > 0 && (
            <span className={classes.failed}>
              <FormattedMessage id="batch.graph.failed" values={{ count: node.failed }} />
            </span>
          )}
        </span>
      )}
      <span className={classes.bar} aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </span>
    </button>
  );
}
