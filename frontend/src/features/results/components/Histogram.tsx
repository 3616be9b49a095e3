import { useElementSize } from "@mantine/hooks";
import { FormattedMessage, useIntl } from "react-intl";
import { histogram, type Measure, numberFormat } from "@/lib/measures";
import classes from "./Histogram.module.css";

const HEIGHT = 168;
const TOP = 20;
const BOTTOM = 26;

interface HistogramProps {
  measure: Measure;
  values: readonly number[];
}

/** How many essays have a value of about so much: a drawing, and the same as a table. */
export function Histogram({ measure, values }: HistogramProps) {
  const intl = useIntl();
  const { ref, width } = useElementSize<HTMLElement>();
  const bins = histogram(values);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const step = width / Math.max(1, bins.length);
  const isShare = numberFormat(measure).style === "percent";
  // Edges are rounder than values: as many decimals as they need.
  const edge = (value: number) =>
    intl.formatNumber(value, isShare ? { style: "percent" } : { maximumSignificantDigits: 4 });

  if (bins.length === 0)
    return (
      <p className={classes.none}>
        <FormattedMessage id="results.chart.none" />
      </p>
    );
  return (
    <figure ref={ref} className={classes.figure}>
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true" focusable="false">
          {bins.map((bin, index) => {
            const height = ((HEIGHT - TOP - BOTTOM) * bin.count) / most;
            return (
              <g key={bin.from} transform={`translate(${index * step} 0)`}>
                <rect
                  className={classes.bar}
                  x={2}
                  width={Math.max(1, step - 4)}
                  y={HEIGHT - BOTTOM - height}
                  height={height}
                  rx={3}
                />
                {bin.count > 0 && (
                  <text
                    className={classes.count}
                    x={step / 2}
                    y={HEIGHT - BOTTOM - height - 6}
                    textAnchor="middle"
                  >
                    {bin.count}
                  </text>
                )}
              </g>
            );
          })}
          <line
            className={classes.axis}
            x1={0}
            x2={width}
            y1={HEIGHT - BOTTOM}
            y2={HEIGHT - BOTTOM}
          />
          {[...bins.map((bin) => bin.from), bins.at(-1)?.to ?? 0].map((value, index) => (
            <text
              key={value}
              className={classes.edge}
              x={index * step}
              y={HEIGHT - 8}
              textAnchor={index === 0 ? "start" : index === bins.length ? "end" : "middle"}
            >
              {edge(value)}
            </text>
          ))}
        </svg>
      )}
      <details className={classes.twin}>
        <summary>
          <FormattedMessage id="results.chart.table" />
        </summary>
        <table>
          <caption className="visually-hidden">
            <FormattedMessage id={`measure.${measure}.title`} />
          </caption>
          <thead>
            <tr>
              <th scope="col">
                <FormattedMessage id={`measure.${measure}.title`} />
              </th>
              <th scope="col">
                <FormattedMessage id="results.chart.essays" />
              </th>
            </tr>
          </thead>
          <tbody>
            {bins.map((bin) => (
              <tr key={bin.from}>
                <th scope="row">
                  <FormattedMessage
                    id="results.chart.bin"
                    values={{ from: edge(bin.from), to: edge(bin.to) }}
                  />
                </th>
                <td>{intl.formatNumber(bin.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
