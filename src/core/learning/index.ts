/** Learning: a project's decisions train its readers, in a process of their own. */
export { createLearner, type Learner } from './client'
export { environmentFile, environmentFolder, readEnvironment, type Environment } from './environment'
export { startLearning, type LearnResult } from './job'
export { leaveLostGeneration, projectReader, useGeneration } from './use'
