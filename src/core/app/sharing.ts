import type { Project } from '../project'

/** How a shell lets other people in: a link for each, of one project and no other. */
export interface Sharing {
  /** The person's link; the same one where they have one. @throws NominaError('busy' | 'refused') where nobody can be reached */
  invite(project: Project, name: string): Promise<string>
  /** The link is worth nothing from now on, and its windows end. @throws NominaError('not-found') */
  revoke(project: Project, name: string): Promise<void>
  /** Links by name. */
  links(project: Project): Map<string, string>
}
