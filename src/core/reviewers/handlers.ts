import type { reviewersEndpoints } from '../../shared/contract/reviewers'
import { reviewerOf } from '../app'
import { done, type ProjectHandlers } from '../project'
import { tellOthers } from '../review/tell'
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
} from '.'

export const reviewersHandlers: ProjectHandlers<keyof typeof reviewersEndpoints> = {
  'team.list': (project, _input, caller) => ({
    shared: project.team !== null,
    people: readTeam(project.db, project.team, reviewerOf(project.app, caller))
  }),
  'review.lease': (project, input, caller) => ({
    ...lease(project.db, { ...input, reviewer: reviewerOf(project.app, caller) }),
    seconds: LEASE_SECONDS
  }),

  'second.start': (project, input, caller) => startRound(project.db, input, reviewerOf(project.app, caller)),
  'second.rounds': (project) => ({ rounds: listRounds(project.db) }),
  'second.close': (project, { round }) => {
    closeRound(project.db, round)
    return done
  },
  'second.queue': (project, input, caller) => secondQueue(project.db, input, reviewerOf(project.app, caller)),
  'second.rows': (project, input) => secondRows(project.db, input),
  'second.key': (project, input, caller) => keyAgain(project.db, input, reviewerOf(project.app, caller)),
  'second.differences': (project, input) => differences(project.db, input),
  'second.settle': (project, input, caller) => {
    const change = adjudicate(project.db, input, reviewerOf(project.app, caller))
    tellOthers(project, change)
    return change
  },
  'second.report': (project, { round }) => report(project.db, round ?? null)
}
