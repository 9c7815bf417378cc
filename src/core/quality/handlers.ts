import type {
  acceptanceEndpoints,
  exportsEndpoints,
  suspectsEndpoints,
  SuspectsState
} from '../../shared/contract/quality'
import { NominaError, say } from '../../shared/failure'
import { reviewerOf, shippedModels } from '../app'
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

/** With what only the app knows. */
function withTraining(project: Project, found: ReturnType<typeof suspectsState>): SuspectsState {
  const model = currentModelId(project.db)
  return { ...found, trainingKnown: model === null || isTrainingKnown(project.db, model, shippedModels(project.app)) }
}

export const qualityHandlers: ProjectHandlers<QualityEndpoint> = {
  'suspects.find': async (project) =>
    withTraining(
      project,
      await project.jobs.quick.run('suspects', null, (control) =>
        findSuspects(project.db, { ...control, model: currentModel(project) })
      )
    ),
  'suspects.state': (project) =>
    withTraining(project, { ...suspectsState(project.db), running: project.jobs.quick.isUnderWay('suspects') }),
  'suspects.list': (project, request) => listSuspects(project.db, request),

  'acceptance.state': (project) => {
    if (!project.jobs.quick.isUnderWay('rule')) finishCutOff(project.db)
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
    const rule = await project.jobs.quick.run('rule', null, (control) =>
      applyRule(project.db, { ...request, reviewer }, control)
    )
    const state = ruleState(project.db, rule)
    tellRule(project)
    return { rule: state, changed: state.accepted }
  },
  'acceptance.undo': async (project, { rule }, caller) => {
    refuseSecond(project)
    const reviewer = reviewerOf(project.app, caller)
    const changed = await project.jobs.quick.run('rule', null, (control) =>
      undoRule(project.db, rule, reviewer, control)
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

function refuseSecond(project: Project): void {
  if (project.jobs.quick.isUnderWay('rule')) throw new NominaError('busy', say('ruleBusy'))
}

function tellRule(project: Project): void {
  project.events.emit('acceptance.changed', { broken: null })
  project.tellFields(null)
}
