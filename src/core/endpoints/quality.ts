import type { qualityEndpoints } from '../../shared/contract/quality'
import { calibrationState, fitProject, forgetProject } from '../confidence'
import { reviewerOf, type Context } from '../context'
import { NominaError } from '../../shared/failure'
import { currentModel } from '../jobs'
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
  readRule,
  ruleState,
  suspectsState,
  undoRule
} from '../quality'
import { undoableActs, undoTo } from '../review'
import { readCounts } from '../store'
import { fewer, isUnderWay, together } from '../tasks'
import { db, tellOthers } from './shared'
import type { HandlersOf } from './types'

const SEARCH = 'suspects'
const RULE = 'rule'
const CALIBRATION = 'calibration'

export const qualityHandlers: HandlersOf<keyof typeof qualityEndpoints> = {
  'suspects.find': (context) =>
    together(db(context), SEARCH, (signal) =>
      findSuspects(db(context), {
        model: currentModel(context),
        signal,
        onProgress: fewer((done, total) => context.bus.emit('suspects.progress', { done, total }))
      })
    ),
  'suspects.state': (context) => ({ ...suspectsState(db(context)), running: isUnderWay(db(context), SEARCH) }),
  'suspects.list': (context, request) => listSuspects(db(context), request),

  'calibration.read': (context) => calibrationState(db(context)),
  'calibration.use': async (context, { source }) => {
    const fit = source === 'project' ? fitProject : forgetProject
    const state = await together(db(context), CALIBRATION, (signal) => fit(db(context), signal))
    context.bus.emit('calibration.changed', {})
    tellAll(context)
    return state
  },

  'acceptance.state': (context) => {
    if (!isUnderWay(db(context), RULE)) finishCutOff(db(context))
    return acceptanceState(db(context))
  },
  'acceptance.sample': (context, request) => {
    drawSample(db(context), request)
    context.bus.emit('acceptance.changed', { broken: null })
    return acceptanceState(db(context))
  },
  'acceptance.curve': (context, { promise, by }) => readCurve(db(context), promise, by).curve,
  'acceptance.apply': async (context, request, caller) => {
    refuseSecond(context)
    const reviewer = reviewerOf(context, caller)
    const rule = await together(db(context), RULE, (signal) =>
      applyRule(db(context), { ...request, reviewer }, { signal, onProgress: progress(context) })
    )
    const state = ruleState(db(context), rule)
    tellRule(context)
    return { rule: state, changed: state.accepted }
  },
  'acceptance.undo': async (context, { rule }, caller) => {
    refuseSecond(context)
    const reviewer = reviewerOf(context, caller)
    const changed = await together(db(context), RULE, (signal) =>
      undoRule(db(context), rule, reviewer, { signal, onProgress: progress(context) })
    )
    tellRule(context)
    return { rule: ruleState(db(context), readRule(db(context), rule)!), changed }
  },
  'acceptance.audit': (context, { rule, size }) => {
    drawAudit(db(context), rule, size)
    context.bus.emit('acceptance.changed', { broken: null })
    return acceptanceState(db(context))
  },

  'history.acts': (context, { limit }, caller) => undoableActs(db(context), reviewerOf(context, caller), limit),
  'history.undoTo': async (context, { act }, caller) => {
    const change = await undoTo(db(context), reviewerOf(context, caller), act)
    tellOthers(context, change)
    return change
  },
  'exports.list': (context) => ({ exports: listExports(db(context)) })
}

function progress(context: Context): (rule: number, done: number, total: number) => void {
  let current = 0
  const emit = fewer((done, total) => context.bus.emit('acceptance.progress', { rule: current, done, total }))
  return (rule, done, total) => {
    current = rule
    emit(done, total)
  }
}

function refuseSecond(context: Context): void {
  if (isUnderWay(db(context), RULE))
    throw new NominaError('busy', 'A rule is being applied or taken back. Wait until that is done.')
}

function tellRule(context: Context): void {
  context.bus.emit('acceptance.changed', { broken: null })
  tellAll(context)
}

const tellAll = (context: Context): void =>
  context.bus.emit('fields.changed', { ids: null, counts: readCounts(db(context)) })
