/** Windows and links: who asks, which project is meant, and the answer. Opens projects, and closes those that nobody holds. */
export { OpenProjects, type Updating } from './projects'
export { WindowSession } from './session'
