import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a start was given: absolute paths of projects, folders and files. A second start hands it to the first. */
export interface Start {
  paths: string[]
}

/**
 * The launcher puts an absolute path into the environment, where Chromium does not meddle; the installed app gets paths as
 * parameters, from a terminal or from whatever was dropped on its icon.
 */
export function whatIsGiven(
  packaged: boolean,
  argv: string[] = process.argv,
  environment: NodeJS.ProcessEnv = process.env
): Start {
  const named = packaged ? argv.slice(1).filter((parameter) => !parameter.startsWith('-')) : []
  const project = environment.NOMINA_PROJECT
  return { paths: [...(project ? [project] : []), ...named.map(pathOf)] }
}

/** File managers of Linux name files as URLs. */
const pathOf = (given: string): string => (given.startsWith('file:///') ? fileURLToPath(given) : resolve(given))
