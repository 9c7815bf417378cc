/** Whether anybody wrote in a field. */
export { blankProbability, featuresOfField } from './probability'
