import { useElementSize } from "@mantine/hooks";
import { FormattedMessage, useIntl } from "react-intl";
import type { Assessment } from "@/lib/api";
import { scaleOf } from "../lib/axis";
import { useFigures } from "../lib/figures";
import classes from "./ReliabilityCurve.module.css";

const HEIGHT = 230;
const TOP = 12;
const BOTTOM = 42;
const LEFT = 38;
const RIGHT = 16;
const LEVELS = [0, 0.2, 0.4, 0.6, 0.8, 1];

interface ReliabilityCurveProps {
  found: Assessment;
  /** The reliability that was asked for. */
  target: number;
}

/** How the reliability grew with the comparisons: a drawing, and the same as a table. */
export function ReliabilityCurve({ found, target }: ReliabilityCurveProps) {
  const intl = useIntl();
  const figures = useFigures();
  const { ref, width } = useElementSize<HTMLElement>();
  const { curve, reliability } = found;
  const last = curve.at(-1);
  const most = last?.comparisons_per_essay ?? 0;
  const x = scaleOf(0, most, [LEFT, Math.max(LEFT + 40, width - RIGHT)], width / 80);
  const y = (value: number) => TOP + (1 - value) * (HEIGHT - TOP - BOTTOM);
  const line = (figure: "honest" | "ssr") =>
    curve
      .flatMap((point) => {
        const value = point[figure];
        return value === null ? [] : [`${x.at(point.comparisons_per_essay)} ${y(value)}`];
      })
      .join("L");
  const { honest_low: low, honest_high: high } = reliability;
  const sure = curve.flatMap(({ comparisons_per_essay, honest_low, honest_high }) =>
    honest_low === null || honest_high === null
      ? []
      : [{ at: x.at(comparisons_per_essay), low: y(honest_low), high: y(honest_high) }],
  );
  const band = [
    ...sure.map((point) => `${point.at} ${point.high}`),
    ...sure.reverse().map((point) => `${point.at} ${point.low}`),
  ].join("L");

  return (
    <figure ref={ref} className={classes.figure}>
      <ul className={classes.legend}>
        <Key kind="honest">
          <FormattedMessage id={reliability.is_internal ? "ranking.internal" : "ranking.honest"} />
        </Key>
        {band && (
          <Key kind="band">
            <FormattedMessage id="ranking.curve.range" />
          </Key>
        )}
        <Key kind="ssr">
          <FormattedMessage id="ranking.ssr" />
        </Key>
        {!reliability.is_internal && (
          <Key kind="target">
            <FormattedMessage id="ranking.target" values={{ target: figures.two(target) }} />
          </Key>
        )}
      </ul>
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true" focusable="false">
          <path className={classes.band} d={drawn(band)} />
          {LEVELS.map((level) => (
            <g key={level}>
              <line
                className={classes.level}
                x1={LEFT}
                x2={width - RIGHT}
                y1={y(level)}
                y2={y(level)}
              />
              <text className={classes.label} x={LEFT - 8} y={y(level) + 4} textAnchor="end">
                {intl.formatNumber(level, { minimumFractionDigits: 1 })}
              </text>
            </g>
          ))}
          {x.ticks.map((tick) => (
            <text
              key={tick}
              className={classes.label}
              x={x.at(tick)}
              y={HEIGHT - BOTTOM + 17}
              textAnchor="middle"
            >
              {figures.count(tick)}
            </text>
          ))}
          <text
            className={classes.label}
            x={(LEFT + width - RIGHT) / 2}
            y={HEIGHT - 6}
            textAnchor="middle"
          >
            {intl.formatMessage({ id: "ranking.curve.perEssay" })}
          </text>
          {!reliability.is_internal && (
            <line
              className={classes.target}
              x1={LEFT}
              x2={width - RIGHT}
              y1={y(target)}
              y2={y(target)}
            />
          )}
          <path className={classes.ssr} d={drawn(line("ssr"))} />
          <path className={classes.honest} d={drawn(line("honest"))} />
          {curve.map(
            (point) =>
              point.honest !== null && (
                <circle
                  key={point.round_no}
                  className={classes.dot}
                  cx={x.at(point.comparisons_per_essay)}
                  cy={y(point.honest)}
                  r={3.5}
                />
              ),
          )}
          {low !== null && high !== null && (
            <path
              className={classes.range}
              d={`M${x.at(most) - 5} ${y(low)}h10m-5 0V${y(high)}m-5 0h10`}
            />
          )}
        </svg>
      )}
      <details className={classes.twin}>
        <summary>
          <FormattedMessage id="ranking.curve.table" />
        </summary>
        <table>
          <caption className="visually-hidden">
            <FormattedMessage id="ranking.curve" />
          </caption>
          <thead>
            <tr>
              <th scope="col">
                <FormattedMessage id="ranking.curve.round" />
              </th>
              <th scope="col">
                <FormattedMessage id="ranking.curve.perEssay" />
              </th>
              <th scope="col">
                <FormattedMessage
                  id={reliability.is_internal ? "ranking.internal" : "ranking.honest"}
                />
              </th>
              <th scope="col">
                <FormattedMessage id="ranking.curve.range" />
              </th>
              <th scope="col">
                <FormattedMessage id="ranking.ssr" />
              </th>
            </tr>
          </thead>
          <tbody>
            {curve.map((point) => (
              <tr key={point.round_no}>
                <th scope="row">{figures.count(point.round_no)}</th>
                <td>
                  {intl.formatNumber(point.comparisons_per_essay, { maximumFractionDigits: 1 })}
                </td>
                <td>{point.honest === null ? <Nothing /> : figures.two(point.honest)}</td>
                <td>
                  {point.honest_low === null || point.honest_high === null ? (
                    <Nothing />
                  ) : (
                    `${figures.two(point.honest_low)}–${figures.two(point.honest_high)}`
                  )}
                </td>
                <td>{point.ssr === null ? <Nothing /> : figures.two(point.ssr)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

const drawn = (line: string) => (line ? `M${line}` : undefined);

interface KeyProps {
  kind: "honest" | "band" | "ssr" | "target";
  children: React.ReactNode;
}

function Key({ kind, children }: KeyProps) {
  return (
    <li>
      <svg width={26} height={10} aria-hidden="true" focusable="false">
        {kind === "band" ? (
          <rect className={classes.band} width={26} height={10} />
        ) : (
          <line className={classes[kind]} x1={1} x2={25} y1={5} y2={5} />
        )}
        {kind === "honest" && <circle className={classes.dot} cx={13} cy={5} r={3.5} />}
      </svg>
      {children}
    </li>
  );
}

function Nothing() {
  return <FormattedMessage id="ranking.cannotBeSaid" />;
}
