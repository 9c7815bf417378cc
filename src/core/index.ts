/** The way into the core: one app with any number of open projects, served by any shell. */
import { messageOf } from '../shared/failure'
import { createApp, owner, type App, type CoreOptions } from './app'
import type { SharedProject } from './app/sharing'
import { stopInstalling } from './learning/installing'
import { refreshModels } from './models'
import { Team, type OpenOptions, type Project } from './project'
import { OpenProjects, WindowSession, type Updating } from './sessions'
import { clearDroppedCopies } from './store'

export type { App, CoreOptions } from './app'
export type { SharedProject } from './app/sharing'
export { UpdateFailure, type Updater } from './app/updates'
export type { Project } from './project'
export type { WindowSession } from './sessions'

export interface Core {
  readonly app: App
  /** For a window of the owner's. It shows no project until it opens one. */
  window(): WindowSession
  /** Opens a project, or finds it open, and keeps it so until the core is closed. @throws NominaError as `openStore` */
  open(path: string, how?: OpenOptions & { updating?: (update: Updating) => void }): Promise<Project>
  /** Lets a person review a project, by a session that leads there and nowhere else. */
  admit(project: SharedProject, reviewer: string): Promise<WindowSession>
  /** Stops everything and closes every project. */
  close(): Promise<void>
}

export async function createCore(options: CoreOptions): Promise<Core> {
  const app = createApp(options)
  clearDroppedCopies()
  const projects = new OpenProjects(app)
  await refreshModels(app)
  const core: Core = {
    app,
    window: () => new WindowSession(app, projects, owner),
    async open(path, { goOn = false, ...how } = {}) {
      const project = await projects.open(path, core, how)
      if (goOn) projects.goOn(project)
      return project
    },
    async admit(project, reviewer) {
      project.team ??= new Team([])
      project.team.join(reviewer)
      const guest = new WindowSession(app, projects, { role: 'reviewer', reviewer })
      await guest.open(project.path)
      return guest
    },
    async close() {
      app.updates.stop()
      await stopInstalling(app)
      await projects.closeAll()
      await Promise.all([app.reader.close(), app.learner.stop(), app.preferences.written().catch(logged)])
    }
  }
  return core
}

const logged = (error: unknown): void => console.error(messageOf(error))
