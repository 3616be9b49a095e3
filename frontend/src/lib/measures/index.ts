export { type Bin, histogram } from "./histogram";
export { type Form, formOf, MEASURES, type Measure, measured, numberFormat } from "./measures";
export { type Spread, type Standing, spread, standing } from "./standing";
