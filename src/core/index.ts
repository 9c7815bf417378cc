/** The way into the core: one app with any number of open projects, served by any shell. */
import { messageOf } from '../shared/failure'
import { createApp, owner, type App, type CoreOptions } from './app'
import { refreshModels } from './models'
import { Team, type OpenOptions, type Project } from './project'
import { OpenProjects, WindowSession } from './sessions'

export type { App, CoreOptions } from './app'
export type { Project } from './project'
export type { WindowSession } from './sessions'

export interface Core {
  readonly app: App
  /** For a window of the owner's. It shows no project until it opens one. */
  window(): WindowSession
  /** Opens a project, or finds it open, and keeps it so until the core is closed. @throws NominaError as `openStore` */
  open(path: string, how?: OpenOptions): Promise<Project>
  /** Lets these people review a project, each by a session of their own that leads there and nowhere else. */
  share(path: string, names: readonly string[]): Promise<{ project: Project; guests: Map<string, WindowSession> }>
  /** Stops everything and closes every project. */
  close(): Promise<void>
}

export async function createCore(options: CoreOptions): Promise<Core> {
  const app = createApp(options)
  const projects = new OpenProjects(app)
  await refreshModels(app)
  const core: Core = {
    app,
    window: () => new WindowSession(app, projects, owner),
    async open(path, { create = false, goOn = false } = {}) {
      const project = await projects.open(path, core, { create })
      if (goOn) projects.goOn(project)
      return project
    },
    async share(path, names) {
      const project = await core.open(path, { goOn: true })
      project.team = new Team(names)
      const guests = new Map<string, WindowSession>()
      for (const reviewer of names) {
        const guest = new WindowSession(app, projects, { role: 'reviewer', reviewer })
        await guest.open(project.path)
        guests.set(reviewer, guest)
      }
      return { project, guests }
    },
    async close() {
      await projects.closeAll()
      await Promise.all([app.reader.close(), app.preferences.written().catch(logged)])
    }
  }
  return core
}

const logged = (error: unknown): void => console.error(messageOf(error))
