import type { Spread } from "@/lib/measures";
import classes from "./SpreadLine.module.css";

const WIDTH = 180;
const EDGE = 7;

/** From the lowest to the highest of the class, its middle half as a box, its median as a line, the essay as a dot. */
export function SpreadLine({ value, spread }: { value: number; spread: Spread }) {
  const range = spread.max - spread.min;
  const x = (of: number) =>
    range === 0 ? WIDTH / 2 : EDGE + ((of - spread.min) / range) * (WIDTH - 2 * EDGE);
  const [low, high] = [x(spread.lowerQuartile), x(spread.upperQuartile)];
  return (
    <svg
      className={classes.spread}
      width={WIDTH}
      height={16}
      viewBox={`0 0 ${WIDTH} 16`}
      aria-hidden="true"
      focusable="false"
    >
      <line x1={EDGE} x2={WIDTH - EDGE} y1={8} y2={8} className={classes.range} />
      <rect
        x={low}
        width={Math.max(2, high - low)}
        y={4}
        height={8}
        rx={2}
        className={classes.box}
      />
      <line x1={x(spread.median)} x2={x(spread.median)} y1={2} y2={14} className={classes.median} />
      <circle cx={x(value)} cy={8} r={5.5} className={classes.dot} />
    </svg>
  );
}
