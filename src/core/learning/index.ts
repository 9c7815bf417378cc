/** Learning: a project's decisions train its readers, in a process of their own. */
export { environmentFile, environmentFolder } from './environment'
export { learnByItself } from './due'
export { startLearning } from './job'
export { learningStatus, removeLearning, setUpLearning, type SetupStatus } from './setup'
export { dropUnusedReadings } from './tidy'
export { exchange, exchangeFor, leaveLostGeneration, useGeneration } from './use'
