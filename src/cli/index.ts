/** The command line's process: streams, signals and the exit code; everything else is in `program.ts`. */
import { createInterface } from 'node:readline/promises'
import { runCommandLine } from './program'
import { readSettings } from '../core/app/installation'

const interrupt = new AbortController()
let signalled: NodeJS.Signals | null = null
let signalledAt = 0
/** One Ctrl+C arrives several times where launchers (npm, ours) pass on what the terminal has sent to all of them. */
const SAME_KEY_MS = 700

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    const again = signalled !== null && Date.now() - signalledAt > SAME_KEY_MS
    if (again) process.exit(name === 'SIGINT' ? 130 : 143) // asked twice: at once
    if (signalled) return
    signalled = name
    signalledAt = Date.now()
    interrupt.abort()
  })
}

// Whoever started us with a channel is gone, without a word perhaps: a server without its launcher has no Ctrl+C.
process.once('disconnect', () => interrupt.abort())

// `nomina … | head` closes our output: that is no fault, there is just nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question, { signal: interrupt.signal })
  } finally {
    lines.close()
  }
}
const someoneThere = process.stdin.isTTY && process.stderr.isTTY

const code = await runCommandLine(process.argv.slice(2), {
  settings: readSettings(),
  terminal: {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    ...(someoneThere ? { ask } : {})
  },
  signal: interrupt.signal
})

// A pipe may still hold output; only then is it safe to go, whatever handle a library left open.
process.stdout.write('', () => process.exit(code === 130 && signalled === 'SIGTERM' ? 143 : code))
