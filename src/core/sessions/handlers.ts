/** The app as a whole, and which project a window shows. */
import type { appEndpoints, projectEndpoints } from '../../shared/contract/app'
import { NominaError, say } from '../../shared/failure'
import { reviewerOf, type Caller } from '../app'
import { takeBeginsNext } from '../learning/give'
import { selectModel } from '../models'
import {
  copyOlder,
  diskUse,
  done,
  freeBytes,
  projectInfo,
  prune,
  type AppHandlers,
  type Project,
  type ProjectHandlers
} from '../project'
import { hasStore, saveElsewhere } from '../store'
import { suggestPath } from './paths'
import { openSample } from './sample'
import { standingOf } from './standing'
import { renameProject, trashProject } from './taken-back'

export const appOwnHandlers: AppHandlers<keyof typeof appEndpoints> = {
  'app.info': (app, _input, { caller, project }) => ({
    version: app.options.version,
    shell: app.options.shell,
    reviewer: reviewerOf(app, caller),
    named: caller.role === 'reviewer' || app.preferences.named,
    role: caller.role,
    shared: project !== null && project.team !== null,
    dataDir: app.options.dataDir,
    modelsFolder: app.modelsFolder,
    project: project && projectInfo(project),
    recent: caller.role === 'owner' ? app.preferences.recent() : []
  }),
  'app.setReviewer': async ({ preferences }, { name }) => {
    preferences.reviewer = name
    await preferences.written()
    return done
  },
  'app.preferences': ({ preferences }, _input, session) => preferences.valuesOf(guestOf(session)),
  'app.setPreference': async ({ preferences }, { key, value }, session) => {
    preferences.setValue(key, value, guestOf(session))
    await preferences.written()
    return done
  },

  'project.create': async (app, { path }, session) => {
    if (hasStore(path)) throw new NominaError('exists', say('existsProject', { path }))
    const project = await session.open(path, { create: true })
    const first = await takeBeginsNext(app)
    if (first !== null) selectModel(project, { id: first })
    return projectInfo(project)
  },
  'project.open': async (_app, { path }, session) => projectInfo(await session.open(path, { goOn: true })),
  'project.openOlder': async (_app, { path }, session) =>
    projectInfo(await session.open(await copyOlder(path), { goOn: true })),
  'project.openSample': async (app, { sample }, session) => projectInfo(await openSample(app, session, sample)),
  'project.saveElsewhere': async (_app, { path }, session) => {
    if (!session.project) throw new NominaError('no-project', say('noProject'))
    const { db, path: before } = session.project
    saveElsewhere(db, path, before)
    return projectInfo(await session.open(path, { goOn: true }))
  },
  'project.close': async (_app, _input, session) => {
    await session.close()
    return done
  },
  'project.forget': async ({ preferences }, { path }) => {
    preferences.forget(path)
    await preferences.written()
    return done
  },
  'project.rename': async ({ preferences }, { path, name, into }, session) => {
    const wasShown = session.project?.path === path
    const now = await session.whileClosed(path, () => renameProject(path, name, into))
    preferences.forget(path)
    preferences.remember(now)
    await preferences.written()
    if (wasShown) await session.open(now, { goOn: true })
    return { path: now }
  },
  'project.standing': (app, { path }, { caller }) => standingOf(path, reviewerOf(app, caller)),
  'project.trash': async ({ preferences }, { path }, session) => {
    await session.whileClosed(path, () => trashProject(path))
    preferences.forget(path)
    await preferences.written()
    return done
  },
  'project.suggestPath': (app, { name }) => ({ path: suggestPath(app, name) })
}

export const projectOwnHandlers: ProjectHandlers<keyof typeof projectEndpoints> = {
  'project.info': (project) => projectInfo(project),
  'project.disk': (project) => diskWithFree(project),
  'project.prune': async (project, { what }) => {
    await prune(project, what)
    return diskWithFree(project)
  }
}

/** By what the view settings of a reviewer are kept: two projects may each have an Ada. Null: they are the owner's. */
const guestOf = ({ caller, project }: { caller: Caller; project: Project | null }): string | null =>
  caller.reviewer === null ? null : `${project?.id ?? ''} ${caller.reviewer}`

const diskWithFree = async (project: Project) => ({ ...(await diskUse(project)), free: await freeBytes(project.path) })
