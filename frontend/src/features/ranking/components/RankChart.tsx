import { useElementSize } from "@mantine/hooks";
import { FormattedMessage, useIntl } from "react-intl";
import type { RankedEssay } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { scaleOf } from "../lib/axis";
import { useFigures } from "../lib/figures";
import { isKnown, isToLookAt } from "../lib/remarks";
import { tieGroups } from "../lib/tie-groups";
import classes from "./RankChart.module.css";

const ROW = 26;
const TOP = 28;
const BOTTOM = 30;
const RANK = 30;
const FLAG = 22;
const SIDE = 10;
const LETTER = 7.2;
const TICK = 72;

interface RankChartProps {
  essays: readonly RankedEssay[];
  /** The lowest and the highest end of all intervals, so that parts of a long list have the same scale. */
  range: readonly [number, number];
}

/** Where each essay stands, and how sure that is: a dot with a whisker. The table below has the same. */
export function RankChart({ essays, range }: RankChartProps) {
  const intl = useIntl();
  const figures = useFigures();
  const { ref, width } = useElementSize<HTMLElement>();
  const names = Math.min(210, Math.max(76, width * 0.26));
  const left = RANK + SIDE + names + SIDE;
  const right = Math.max(left + 40, width - FLAG - SIDE);
  const scale = scaleOf(range[0], range[1], [left, right], (right - left) / TICK);
  const height = TOP + essays.length * ROW;
  const middle = (index: number) => TOP + index * ROW + ROW / 2;

  return (
    <figure ref={ref} className={classes.figure}>
      {width > 0 && (
        <svg width={width} height={height + BOTTOM} aria-hidden="true" focusable="false">
          {tieGroups(essays).map(({ no, from, size }) => (
            <g key={no}>
              <rect
                className={classes.band}
                data-odd={no % 2 === 1 || undefined}
                x={0}
                width={width}
                y={TOP + from * ROW}
                height={size * ROW}
              />
              {size > 1 && (
                <path
                  className={classes.bracket}
                  d={`M6 ${TOP + from * ROW + 5}H2V${TOP + (from + size) * ROW - 5}H6`}
                />
              )}
            </g>
          ))}
          {scale.ticks.map((tick) => (
            <g key={tick}>
              <line
                className={classes.tick}
                data-zero={tick === 0 || undefined}
                x1={scale.at(tick)}
                x2={scale.at(tick)}
                y1={TOP}
                y2={height}
              />
              <text className={classes.label} x={scale.at(tick)} y={TOP - 9} textAnchor="middle">
                {intl.formatNumber(tick, { maximumFractionDigits: 1, signDisplay: "negative" })}
              </text>
            </g>
          ))}
          {essays.map((essay, index) => {
            const y = middle(index);
            const [low, dot, high] = [essay.low, essay.score, essay.high].map(scale.at);
            return (
              <g key={essay.essay_id}>
                <title>
                  {`${essayName(essay)}: ${figures.score(essay.score)} (${figures.score(essay.low)} – ${figures.score(essay.high)})`}
                </title>
                <text className={classes.rank} x={RANK} y={y + 4.5} textAnchor="end">
                  {intl.formatNumber(essay.rank)}
                </text>
                <text className={classes.name} x={RANK + SIDE} y={y + 4.5}>
                  {shortened(essayName(essay), names / LETTER)}
                </text>
                <path
                  className={classes.whisker}
                  d={`M${low} ${y - 4}V${y + 4}M${low} ${y}H${high}M${high} ${y - 4}V${y + 4}`}
                />
                {isKnown(essay) ? (
                  <path className={classes.dot} d={`M${dot} ${y - 7}l7 7-7 7-7-7Z`} />
                ) : (
                  <circle className={classes.dot} cx={dot} cy={y} r={5} />
                )}
                {isToLookAt(essay) && (
                  <path
                    className={classes.flag}
                    d={`M${width - FLAG + 4} ${y + 6}l7-12 7 12ZM${width - FLAG + 11} ${y - 2.5}v4m0 2v.2`}
                  />
                )}
              </g>
            );
          })}
          <text className={classes.label} x={left} y={height + 20}>
            {intl.formatMessage({ id: "ranking.chart.weaker" })}
          </text>
          <text className={classes.label} x={right} y={height + 20} textAnchor="end">
            {intl.formatMessage({ id: "ranking.chart.stronger" })}
          </text>
        </svg>
      )}
      <figcaption className={classes.caption}>
        <FormattedMessage id="ranking.chart.what" />
      </figcaption>
    </figure>
  );
}

function shortened(name: string, most: number): string {
  return name.length <= most ? name : `${name.slice(0, Math.max(1, Math.floor(most) - 1))}…`;
}
