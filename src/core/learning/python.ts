/** A Python that an environment can be made of. */
import { NominaError, say } from '../../shared/failure'
import { runProgram } from './run'

/** The oldest that the training package runs on. */
const OLDEST = [3, 10] as const
const names =
  process.platform === 'win32'
    ? ['py', 'python', 'python3']
    : ['python3', 'python', 'python3.13', 'python3.12', 'python3.11']

const look = `
import importlib.util as u, sys
print(*sys.version_info[:2], *(int(u.find_spec(n) is not None) for n in ('venv', 'ensurepip', 'torch', 'nomina_training')))
`

export interface Python {
  program: string
  /** It has all packages already. */
  isWhole: boolean
}

/** @throws NominaError `no-python`: there is none that can be used, and why */
export async function findPython(given: string | undefined, signal?: AbortSignal): Promise<Python> {
  const problems: string[] = []
  for (const program of given === undefined ? names : [given]) {
    const found = await lookAt(program, signal)
    if (typeof found !== 'string') return found
    problems.push(found)
  }
  const known = problems.find((problem) => !problem.endsWith(notThere)) ?? problems[0]!
  throw new NominaError('no-python', say('learningNeedsPython', { oldest: OLDEST.join('.'), known }))
}

const notThere = 'is not there.'

async function lookAt(program: string, signal?: AbortSignal): Promise<Python | string> {
  let said: string
  try {
    // Packages count that are installed in it, not those that a variable leads to just now.
    said = await runProgram([program, '-E', '-c', look], { signal })
  } catch (error) {
    signal?.throwIfAborted()
    const isMissing = error instanceof NominaError && error.code === 'no-program'
    return `${program} ${isMissing ? notThere : 'does not work.'}`
  }
  const [major = 0, minor = 0, venv, ensurepip, torch, training] = said.trim().split(' ').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return `${program} is Python ${major}.${minor}.`
  const isWhole = torch === 1 && training === 1
  if (!isWhole && !(venv && ensurepip))
    return `${program} lacks its module venv (on Debian and Ubuntu: the package python3-venv).`
  return { program, isWhole }
}
