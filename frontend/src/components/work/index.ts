export { type FailureText, failureText } from "./failure-text";
export { useCatalogue, useWorkNames } from "./names";
export { needAssignment, withNeeded } from "./phases";
export { StateMark, stateOfPhase, type WorkState } from "./StateMark";
