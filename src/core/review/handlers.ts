import type { reviewEndpoints } from '../../shared/contract/review'
import type { historyEndpoints } from '../../shared/contract/quality'
import { reviewerOf } from '../app'
import type { ProjectHandlers } from '../project'
import { followBlind } from '../quality/blindly'
import { readAlong } from '../recognise/stage'
import { heldByOthers, notHeld } from '../reviewers'
import { lastDecision } from '../store/decided'
import { lastInk } from '../store/ink'
import { fieldNames } from '../store/lexicons'
import { meantByAll } from './all'
import { lookAhead } from './passing'
import { takeIn } from './take-in'
import { only } from './decide'
import { refuseOther, tellOthers } from './tell'
import {
  confidenceHistogram,
  decideInTurn,
  pace,
  queueWindow,
  readDetail,
  readRows,
  redoInTurn,
  rotateField,
  suggestedWindow,
  typingOf,
  undoableActs,
  undoInTurn,
  undoTo
} from '.'

export const reviewHandlers: ProjectHandlers<keyof typeof reviewEndpoints | keyof typeof historyEndpoints> = {
  'fields.ids': async (project, { held = [], ...input }, caller) => {
    const ink = lastInk(project.db)
    const asOf = lastDecision(project.db)
    await lookAhead(project.db, input.filter)
    const others = project.team ? heldByOthers(project.db, reviewerOf(project.app, caller)) : new Set<number>()
    const { order } = input
    const queue =
      order === 'suggested'
        ? suggestedWindow(project.db, { ...input, without: new Set([...others, ...held]) })
        : queueWindow(project.db, { ...input, order, without: others })
    return { ...queue, ink, asOf }
  },
  'fields.names': ({ db }) => ({ names: fieldNames(db).filter((name) => name !== '') }),
  'fields.rows': (project, { ids }) => ({ rows: readRows(project.db, ids) }),
  'fields.detail': (project, { id }) => readDetail(project.db, id),
  'review.decide': async (project, { project: decidedIn, ...input }, caller) => {
    refuseOther(project, decidedIn)
    const reviewer = reviewerOf(project.app, caller)
    const how = input.blind ? 'blind' : input.how
    const { all, request } = input
    const meant = all ? { ...input, ...(await meantByAll(project.db, all, { reviewer, request })) } : input
    const free = project.team ? only(meant, notHeld(project.db, meant.ids, reviewer)) : meant
    const change = await decideInTurn(project.db, { ...free, how, reviewer })
    if (how === 'blind') followBlind(project)
    tellOthers(project, change)
    return change
  },
  'review.takeIn': async (project, file, caller) => ({
    steps: await takeIn(project, file, reviewerOf(project.app, caller))
  }),
  'review.undo': async (project, { request, project: decidedIn }, caller) => {
    refuseOther(project, decidedIn)
    const change = await undoInTurn(project.db, reviewerOf(project.app, caller), request)
    tellOthers(project, change)
    return change
  },
  'review.redo': async (project, { request, project: decidedIn }, caller) => {
    refuseOther(project, decidedIn)
    const change = await redoInTurn(project.db, reviewerOf(project.app, caller), request)
    tellOthers(project, change)
    return change
  },
  'review.rotate': (project, { id, turns, recognise, request, project: decidedIn }, caller) => {
    refuseOther(project, decidedIn)
    const { row } = rotateField(project.db, id, turns, { reviewer: reviewerOf(project.app, caller), request })
    project.tellFields([id])
    if (recognise) readAlong(project)
    return { row }
  },
  'review.typing': (project, { id }) => typingOf(project.db, id),
  'review.pace': (project, _input, caller) => pace(project.db, reviewerOf(project.app, caller)),

  'confidence.histogram': (project, { bins }) => confidenceHistogram(project.db, bins),

  'history.acts': (project, { limit }, caller) => undoableActs(project.db, reviewerOf(project.app, caller), limit),
  'history.undoTo': async (project, { act }, caller) => {
    const change = await undoTo(project.db, reviewerOf(project.app, caller), act)
    tellOthers(project, change)
    return change
  }
}
