/** Whoever was let in: links by their secrets, each of one project and no other, kept so that they outlive a restart. */
import type { Core, SharedProject, WindowSession } from '../core'
import { NominaError, say } from '../shared/failure'
import { forgetLink, linksOf } from './share'

interface Guest {
  project: string
  name: string
  session: WindowSession
}

export class Guests {
  private readonly byToken = new Map<string, Guest>()

  constructor(
    private readonly core: Core,
    private readonly linksFile: string
  ) {}

  /** @returns the secret of the person's link, the same as before where they had one */
  async admit(project: SharedProject, name: string): Promise<string> {
    const token = linksOf(this.linksFile, project, [name]).get(name)!
    if (!this.byToken.has(token))
      this.byToken.set(token, { project: project.id, name, session: await this.core.admit(project, name) })
    return token
  }

  /** @throws NominaError('not-found') */
  async dismiss(project: SharedProject, name: string): Promise<void> {
    const token = this.tokensOf(project).get(name)
    const guest = token === undefined ? undefined : this.byToken.get(token)
    if (token === undefined || !guest) throw new NominaError('not-found', say('noLinkOf', { name }))
    forgetLink(this.linksFile, project, name)
    this.byToken.delete(token)
    project.team?.leave(name)
    await guest.session.end()
  }

  /** By name. */
  tokensOf(project: SharedProject): Map<string, string> {
    return new Map(
      [...this.byToken].flatMap(([token, guest]) => (guest.project === project.id ? [[guest.name, token]] : []))
    )
  }

  /** By secret, as they are now. */
  *sessions(): Iterable<[string, WindowSession]> {
    for (const [token, { session }] of this.byToken) yield [token, session]
  }
}
