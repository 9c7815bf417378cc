import { InvalidArgumentError, type Command } from 'commander'
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { startServer } from '../../serve'
import type { Act } from '../program'
import { openCore, type Outcome, type Session } from '../session'

interface Options {
  port?: number
  open?: true
}

const HIGHEST_PORT = 65_535

export function addServe(program: Command, act: Act): void {
  program
    .command('serve')
    .summary('open Nomina in a browser on this machine')
    .description(
      'Serves Nomina to a browser on this machine only and prints its link, which holds a secret. ' +
        'Ctrl+C stops it: what runs is stored and goes on the next time. JSON: {url, port}, printed once it listens.'
    )
    .argument('[project]', 'folder of a project to open first')
    .option('--port <n>', 'a port of its own, 1 to 65535 (default: any free one)', parsePort)
    .option('--open', 'open the link in the browser')
    .action(act(serveCommand))
}

async function serveCommand(session: Session, project: string | undefined, options: Options): Promise<Outcome> {
  const core = await openCore(session, null)
  const server = await startServer(core, {
    port: options.port,
    rendererDir: session.settings.rendererDir,
    openProject: project === undefined ? undefined : resolve(project)
  }).catch(async (error: unknown) => {
    await core.close()
    throw error
  })
  const { url, port } = server
  if (options.open) openInBrowser(url, session)
  return { value: { url, port }, text: url, until: stopped(session.signal).then(() => server.close()) }
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })

/** A browser that does not open is no failure: the link has been printed. */
function openInBrowser(url: string, session: Session): void {
  const openers: Partial<Record<NodeJS.Platform, [string, string[]]>> = {
    darwin: ['open', [url]],
    win32: ['rundll32', ['url.dll,FileProtocolHandler', url]]
  }
  const [command, parameters] = openers[process.platform] ?? ['xdg-open', [url]]
  const opener = spawn(command, parameters, { stdio: 'ignore', detached: true })
  opener.on('error', () =>
    session.tell(`The browser could not be opened (${command} is missing). Open the link by hand.`)
  )
  opener.unref()
}

export function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > HIGHEST_PORT)
    throw new InvalidArgumentError(`Give a number from 1 to ${HIGHEST_PORT}.`)
  return port
}
