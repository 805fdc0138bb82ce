/** What jobs cost: predicted from integers, learned while serving. The parts are in plan/cost/. */
export { CostModel, type CostSnapshot } from './cost/model.ts';
export { type Cost, isHeavy, predictCost } from './cost/predict.ts';
