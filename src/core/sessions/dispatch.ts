import * as v from 'valibot'
import { endpoints, type EndpointName, type Failure, type Reply } from '../../shared/contract'
import { messageOf, NominaError, type Said, say } from '../../shared/failure'
import type { App, Caller } from '../app'
import { announceProject, type Project, type Session } from '../project'
import { reviewerMay } from '../reviewers'
import { storeFailure } from '../store'
import { appHandlers, projectHandlers } from './endpoints'

/** An input of a million faults costs as much as one of one. */
const firstFault = { abortEarly: true, abortPipeEarly: true } as const
/** Messages repeat what was sent. */
const LONGEST_MESSAGE = 500

/** Checks who asks and what, finds the project that is meant, and answers; never throws. */
export async function answer(app: App, session: Session, name: string, input: unknown): Promise<Reply<EndpointName>> {
  if (!Object.hasOwn(endpoints, name)) return failure('invalid-input', `There is no endpoint ${JSON.stringify(name)}.`)
  if (session.caller.role === 'reviewer' && !reviewerMay(name))
    return failure('refused', 'This is for whoever shares the project. Your link is for reviewing.')
  const endpoint = name as EndpointName
  const parsed = v.safeParse(endpoints[endpoint].input as v.GenericSchema, input, firstFault)
  if (!parsed.success) return failure('invalid-input', describeIssue(endpoint, parsed.issues[0]))
  try {
    return { ok: true, value: (await handle(app, session, endpoint, parsed.output)) as never }
  } catch (thrown) {
    const error = storeFailure(thrown, session.project?.db.name ?? '')
    // Its windows say it as long as it is so, whatever is on screen.
    if (error instanceof NominaError && error.code === 'gone' && session.project) announceProject(session.project)
    if (error instanceof NominaError) return failure(error.code, error.message, error.said)
    console.error(error)
    return failure('internal', messageOf(error))
  }
}

type OfApp = (app: App, input: unknown, session: Session) => unknown
type OfProject = (project: Project, input: unknown, caller: Caller) => unknown

async function handle(app: App, session: Session, name: EndpointName, input: unknown): Promise<unknown> {
  if (name in appHandlers) return (appHandlers[name as keyof typeof appHandlers] as OfApp)(app, input, session)
  const { project, caller } = session
  if (!project) throw new NominaError('no-project', say('noProject'))
  const handler = projectHandlers[name as keyof typeof projectHandlers] as OfProject
  return project.use(() => handler(project, input, caller))
}

const failure = (code: string, message: string, said: Said | null = null): { ok: false; error: Failure } => ({
  ok: false,
  error: { code, message, ...(said && { said }) }
})

const describeIssue = (name: string, issue: v.BaseIssue<unknown>): string =>
  `${name}: ${v.getDotPath(issue) ?? 'input'}: ${issue.message.slice(0, LONGEST_MESSAGE)}`
