import type { reviewersEndpoints } from '../../shared/contract/reviewers'
import { reviewerOf } from '../app'
import type { Sharing } from '../app/sharing'
import { done, type Project, type ProjectHandlers } from '../project'
import { NominaError, say } from '../../shared/failure'
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
    people: readTeam(project.db, project.team, reviewerOf(project.app, caller)),
    links: caller.role === 'owner' ? linksOf(project) : []
  }),
  'team.invite': async (project, { name }) => ({ url: await sharingOf(project).invite(project, name) }),
  'team.revoke': async (project, { name }) => {
    await sharingOf(project).revoke(project, name)
    return done
  },
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

const linksOf = (project: Project): { name: string; url: string }[] =>
  [...(project.app.sharing?.links(project) ?? [])].map(([name, url]) => ({ name, url }))

/** @throws NominaError `refused` */
function sharingOf({ app }: Project): Sharing {
  if (!app.sharing) throw new NominaError('refused', say('nobodyFromHere'))
  return app.sharing
}
