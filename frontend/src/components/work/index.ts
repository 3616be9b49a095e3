export { type FailureText, failureText } from "./failure-text";
export { useCatalogue, useWorkNames } from "./names";
export { StateMark, stateOfPhase, type WorkState } from "./StateMark";
