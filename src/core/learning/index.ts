/** Learning: a project's decisions train its readers, in a process of their own. */
export { createLearner, type Learner } from './client'
export { environmentFile, environmentFolder, readEnvironment, type Environment } from './environment'
export { startLearning, type LearnResult } from './job'
export { learningStatus, removeLearning, setUpLearning, type SetupStatus } from './setup'
export { leaveLostGeneration, projectReader, useGeneration } from './use'
