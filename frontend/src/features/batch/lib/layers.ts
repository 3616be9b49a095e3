/** One node of a directed graph and what it comes after. */
export interface GraphNode {
  id: string;
  after: readonly string[];
}

export interface Placed {
  id: string;
  /** The column, from 0: one more than the longest way to it. */
  layer: number;
  /** The place within its layer, from 0. */
  row: number;
  after: readonly string[];
}

export interface Layers {
  nodes: Placed[];
  depth: number;
  breadth: number;
}

/**
 * Lays a graph out in layers by longest path, so that every arrow points forward. Within a layer nodes stand by the
 * mean place of what they come after, which keeps arrows from crossing in graphs as small as a pipeline.
 *
 * What a node comes after and is not part of the graph is left out: a pipeline may hold only some of the phases. The
 * server refuses a catalogue with a cycle; should one arrive all the same, its nodes end up behind the others.
 */
export function layered(graph: readonly GraphNode[]): Layers {
  const known = new Set(graph.map((node) => node.id));
  const waiting = new Map(
    graph.map((node) => [node.id, node.after.filter((id) => known.has(id) && id !== node.id)]),
  );
  const layerOf = new Map<string, number>();
  const rowOf = new Map<string, number>();
  const nodes: Placed[] = [];
  let layer = 0;
  while (waiting.size > 0) {
    let next = [...waiting].filter(([, after]) => after.every((id) => layerOf.has(id)));
    if (next.length === 0) next = [...waiting];
    const placed = next
      .map(([id, after], index) => ({ id, after, index, pull: pull(after, rowOf) }))
      .sort((a, b) => a.pull - b.pull || a.index - b.index);
    placed.forEach(({ id, after }, row) => {
      nodes.push({ id, layer, row, after });
      rowOf.set(id, row);
      waiting.delete(id);
    });
    for (const { id } of placed) layerOf.set(id, layer);
    layer += 1;
  }
  return { nodes, depth: layer, breadth: Math.max(0, ...nodes.map((node) => node.row + 1)) };
}

function pull(after: readonly string[], rowOf: ReadonlyMap<string, number>): number {
  if (after.length === 0) return 0;
  return after.reduce((sum, id) => sum + (rowOf.get(id) ?? 0), 0) / after.length;
}

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Edge {
  from: string;
  to: string;
  /** Path data of an SVG path. */
  d: string;
}

export interface Drawing {
  width: number;
  height: number;
  boxes: Box[];
  edges: Edge[];
}

export interface Measures {
  boxWidth: number;
  boxHeight: number;
  /** Between two layers: where the arrows are. */
  gap: number;
  /** Between two nodes of a layer. */
  spread: number;
  direction: "right" | "down";
}

/** Turns layers into boxes and arrows in pixels, narrower layers centred. */
export function drawn(layers: Layers, measures: Measures): Drawing {
  const { boxWidth, boxHeight, gap, spread, direction } = measures;
  const isRight = direction === "right";
  const [along, across] = isRight ? [boxWidth, boxHeight] : [boxHeight, boxWidth];
  const length = Math.max(0, layers.depth * (along + gap) - gap);
  const breadth = Math.max(0, layers.breadth * (across + spread) - spread);
  const boxes = layers.nodes.map((node) => {
    const beside = layers.nodes.filter((other) => other.layer === node.layer).length;
    const lead = (breadth - (beside * (across + spread) - spread)) / 2;
    const main = node.layer * (along + gap);
    const cross = lead + node.row * (across + spread);
    const [x, y] = isRight ? [main, cross] : [cross, main];
    return { id: node.id, x, y, width: boxWidth, height: boxHeight };
  });
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const edges = layers.nodes.flatMap((node) =>
    node.after.flatMap((from) => {
      const [a, b] = [byId.get(from), byId.get(node.id)];
      return a && b ? [{ from, to: node.id, d: arrow(a, b, isRight) }] : [];
    }),
  );
  const [width, height] = isRight ? [length, breadth] : [breadth, length];
  return { width, height, boxes, edges };
}

function arrow(a: Box, b: Box, isRight: boolean): string {
  if (isRight) {
    const [x1, y1] = [a.x + a.width, a.y + a.height / 2];
    const [x2, y2] = [b.x, b.y + b.height / 2];
    const bend = (x2 - x1) / 2;
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  const [x1, y1] = [a.x + a.width / 2, a.y + a.height];
  const [x2, y2] = [b.x + b.width / 2, b.y];
  const bend = (y2 - y1) / 2;
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}
