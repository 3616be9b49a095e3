import { useElementSize } from "@mantine/hooks";
import { FormattedMessage, useIntl } from "react-intl";
import type { SpellingSummary } from "@/lib/api";
import { useKindName } from "../lib/kind-name";
import classes from "./CommonErrors.module.css";

const ROW = 46;
const BAR = 12;
const RIGHT = 34;
const GAP = 32;
const WIDE = 640;

/** How often each error is made: a bar each, and the same as a table. */
export function CommonErrors({ items }: { items: SpellingSummary["items"] }) {
  const intl = useIntl();
  const kindName = useKindName();
  const { ref, width } = useElementSize<HTMLElement>();
  const most = Math.max(1, ...items.map((item) => item.error_count));
  const columns = width > WIDE ? 2 : 1;
  const rows = Math.ceil(items.length / columns);
  const step = (width + GAP) / columns;
  const room = Math.max(1, step - GAP - RIGHT);

  return (
    <figure ref={ref} className={classes.figure}>
      {width > 0 && (
        <svg width={width} height={rows * ROW} aria-hidden="true" focusable="false">
          {items.map((item, index) => {
            const length = Math.max(4, (room * item.error_count) / most);
            return (
              <g
                key={`${item.form} ${item.kind}`}
                transform={`translate(${Math.floor(index / rows) * step} ${(index % rows) * ROW})`}
              >
                <text className={classes.words} x={0} y={16}>
                  <tspan className={classes.form}>{item.form}</tspan>
                  {item.correction && <tspan dx={6}>→</tspan>}
                  {item.correction && <tspan dx={6}>{item.correction}</tspan>}
                  <tspan dx={10} className={classes.essays}>
                    {intl.formatMessage({ id: "batch.spelling.bar" }, { essays: item.essay_count })}
                  </tspan>
                </text>
                <rect className={classes.bar} x={0} y={24} width={length} height={BAR} rx={3} />
                <text className={classes.count} x={length + 8} y={24 + BAR - 1}>
                  {intl.formatNumber(item.error_count)}
                </text>
              </g>
            );
          })}
        </svg>
      )}
      <details className={classes.twin}>
        <summary>
          <FormattedMessage id="batch.spelling.table" />
        </summary>
        <div className={classes.scroll}>
          <table>
            <caption className="visually-hidden">
              <FormattedMessage id="batch.spelling" />
            </caption>
            <thead>
              <tr>
                <th scope="col">
                  <FormattedMessage id="batch.spelling.written" />
                </th>
                <th scope="col">
                  <FormattedMessage id="batch.spelling.meant" />
                </th>
                <th scope="col">
                  <FormattedMessage id="batch.spelling.kind" />
                </th>
                <th scope="col">
                  <FormattedMessage id="batch.spelling.times" />
                </th>
                <th scope="col">
                  <FormattedMessage id="batch.spelling.essays" />
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={`${item.form} ${item.kind}`}>
                  <th scope="row">{item.form}</th>
                  <td>{item.correction ?? <FormattedMessage id="batch.spelling.unsure" />}</td>
                  <td>{kindName(item.kind)}</td>
                  <td>{intl.formatNumber(item.error_count)}</td>
                  <td>{intl.formatNumber(item.essay_count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
