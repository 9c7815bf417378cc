import type { reviewersEndpoints } from '../../shared/contract/reviewers'
import { reviewerOf } from '../context'
import {
  adjudicate,
  closeRound,
  differences,
  keyAgain,
  lease,
  LEASE_SECONDS,
  listRounds,
  readTeam,
  report,
  secondQueue,
  secondRows,
  startRound
} from '../reviewers'
import { db, done, tellOthers } from './shared'
import type { HandlersOf } from './types'

export const reviewersHandlers: HandlersOf<keyof typeof reviewersEndpoints> = {
  'team.list': (context, _input, caller) => ({
    shared: context.team !== null,
    people: readTeam(db(context), context.team, reviewerOf(context, caller))
  }),
  'review.lease': (context, input, caller) => ({
    ...lease(db(context), { ...input, reviewer: reviewerOf(context, caller) }),
    seconds: LEASE_SECONDS
  }),

  'second.start': (context, input, caller) => startRound(db(context), input, reviewerOf(context, caller)),
  'second.rounds': (context) => ({ rounds: listRounds(db(context)) }),
  'second.close': (context, { round }) => {
    closeRound(db(context), round)
    return done
  },
  'second.queue': (context, input, caller) => secondQueue(db(context), input, reviewerOf(context, caller)),
  'second.rows': (context, input) => secondRows(db(context), input),
  'second.key': (context, input, caller) => keyAgain(db(context), input, reviewerOf(context, caller)),
  'second.differences': (context, input) => differences(db(context), input),
  'second.settle': (context, input, caller) => {
    const change = adjudicate(db(context), input, reviewerOf(context, caller))
    tellOthers(context, change)
    return change
  },
  'second.report': (context, { round }) => report(db(context), round ?? null)
}
