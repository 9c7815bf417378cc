/** Runs a program of the set-up to its end. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { NominaError, say } from '../../shared/failure'

/** Lines that are kept of what it says, to tell why it failed. */
const KEPT = 40

/**
 * @returns what it wrote to standard output
 * @throws NominaError `no-program`, `no-network`, `disk-full`, `refused` with what it said last; the signal's reason
 */
export function runProgram(
  [program, ...given]: readonly string[],
  { signal, onLine = () => {} }: { signal?: AbortSignal | undefined; onLine?: (line: string) => void } = {}
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program!, given, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
    const stop = (): void => void child.kill('SIGKILL')
    signal?.addEventListener('abort', stop, { once: true })
    const said: string[] = []
    const written: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      written.push(line)
      onLine(line)
      said.push(line)
    })
    createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
    child.on('error', (error) =>
      reject(new NominaError('no-program', `${program} can’t be started (${error.message}).`, { cause: error }))
    )
    child.on('close', (code) => {
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted) reject(signal.reason as Error)
      else if (code === 0) resolve(written.join('\n'))
      else reject(failureOf(program!, said.slice(-KEPT)))
    })
  })
}

function failureOf(program: string, said: string[]): NominaError {
  const text = said.join('\n')
  if (/no space left|ENOSPC|disk quota/i.test(text)) return new NominaError('disk-full', say('learningDiskFull'))
  if (/name resolution|getaddrinfo|unreachable|connection|timed out|SSLError|dns error|proxy/i.test(text))
    return new NominaError('no-network', say('learningNoNetwork'))
  const last = said.filter((line) => /error/i.test(line)).at(-1) ?? said.at(-1) ?? 'it said nothing'
  return new NominaError('refused', say('programFailed', { program, why: last.trim().slice(0, 400) }))
}
