import type { Team } from '../project/team'

/** What is known of a project that a link leads to. */
export interface SharedProject {
  readonly id: string
  readonly path: string
  team: Team | null
}

/** How a shell lets other people in: a link for each, of one project and no other. */
export interface Sharing {
  /** The person's link; the same one where they have one. @throws NominaError('busy' | 'refused') where nobody can be reached */
  invite(project: SharedProject, name: string): Promise<string>
  /** The link is worth nothing from now on, and its windows end. @throws NominaError('not-found') */
  revoke(project: SharedProject, name: string): Promise<void>
  /** Links by name. */
  links(project: SharedProject): Map<string, string>
}
