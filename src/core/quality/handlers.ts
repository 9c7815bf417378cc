import type {
  acceptanceEndpoints,
  exportsEndpoints,
  suspectsEndpoints,
  SuspectsState
} from '../../shared/contract/quality'
import { NominaError, say } from '../../shared/failure'
import { reviewerOf, shippedModels } from '../app'
import { fewer } from '../jobs'
import { currentModel, type Project, type ProjectHandlers } from '../project'
import { currentModelId } from '../store'
import { isTrainingKnown } from '../store/learnt'
import { readRule } from '../store/rules'
import {
  acceptanceState,
  applyRule,
  drawAudit,
  drawSample,
  findSuspects,
  finishCutOff,
  listExports,
  listSuspects,
  readCurve,
  ruleState,
  suspectsState,
  undoRule
} from '.'

type QualityEndpoint = keyof typeof acceptanceEndpoints | keyof typeof exportsEndpoints | keyof typeof suspectsEndpoints

const SEARCH = 'suspects'
const RULE = 'rule'

/** With what only the app knows. */
function withTraining(project: Project, found: ReturnType<typeof suspectsState>): SuspectsState {
  const model = currentModelId(project.db)
  return { ...found, trainingKnown: model === null || isTrainingKnown(project.db, model, shippedModels(project.app)) }
}

export const qualityHandlers: ProjectHandlers<QualityEndpoint> = {
  'suspects.find': async (project) =>
    withTraining(
      project,
      await project.jobs.together(SEARCH, (signal) =>
        findSuspects(project.db, {
          model: currentModel(project),
          signal,
          onProgress: fewer((done, total) => project.events.emit('suspects.progress', { done, total }))
        })
      )
    ),
  'suspects.state': (project) =>
    withTraining(project, { ...suspectsState(project.db), running: project.jobs.isUnderWay(SEARCH) }),
  'suspects.list': (project, request) => listSuspects(project.db, request),

  'acceptance.state': (project) => {
    if (!project.jobs.isUnderWay(RULE)) finishCutOff(project.db)
    return acceptanceState(project.db)
  },
  'acceptance.sample': (project, request) => {
    drawSample(project.db, request)
    project.events.emit('acceptance.changed', { broken: null })
    return acceptanceState(project.db)
  },
  'acceptance.curve': (project, { promise, by }) => readCurve(project.db, promise, by).curve,
  'acceptance.apply': async (project, request, caller) => {
    refuseSecond(project)
    const reviewer = reviewerOf(project.app, caller)
    const rule = await project.jobs.together(RULE, (signal) =>
      applyRule(project.db, { ...request, reviewer }, { signal, onProgress: progress(project) })
    )
    const state = ruleState(project.db, rule)
    tellRule(project)
    return { rule: state, changed: state.accepted }
  },
  'acceptance.undo': async (project, { rule }, caller) => {
    refuseSecond(project)
    const reviewer = reviewerOf(project.app, caller)
    const changed = await project.jobs.together(RULE, (signal) =>
      undoRule(project.db, rule, reviewer, { signal, onProgress: progress(project) })
    )
    tellRule(project)
    return { rule: ruleState(project.db, readRule(project.db, rule)!), changed }
  },
  'acceptance.audit': (project, { rule, size }) => {
    drawAudit(project.db, rule, size)
    project.events.emit('acceptance.changed', { broken: null })
    return acceptanceState(project.db)
  },

  'exports.list': (project) => ({ exports: listExports(project.db) })
}

function progress(project: Project): (rule: number, done: number, total: number) => void {
  let current = 0
  const emit = fewer((done, total) => project.events.emit('acceptance.progress', { rule: current, done, total }))
  return (rule, done, total) => {
    current = rule
    emit(done, total)
  }
}

function refuseSecond(project: Project): void {
  if (project.jobs.isUnderWay(RULE)) throw new NominaError('busy', say('ruleBusy'))
}

function tellRule(project: Project): void {
  project.events.emit('acceptance.changed', { broken: null })
  project.tellFields(null)
}
