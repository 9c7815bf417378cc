import { InvalidArgumentError, type Command } from 'commander'
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { NominaError } from '../../shared/failure'
import type { Core } from '../../core'
import { startServer, type RunningServer, type ServeOptions, type ShareOptions } from '../../serve'
import type { Act } from '../act'
import { openCore, type Outcome, type Session } from '../session'

interface Options {
  port?: number
  open?: true
  share?: string[]
  host?: string
  cert?: string
  key?: string
}

const HIGHEST_PORT = 65_535

export function addServe(program: Command, act: Act): void {
  program
    .command('serve')
    .summary('open Nomina in a browser on this machine')
    .description(
      'Serves Nomina to a browser on this machine only and prints its link, which holds a secret. ' +
        'Ctrl+C stops it: what runs is stored and goes on the next time. With --share, other people review the same ' +
        'project from their own machines: two never get the same field, and they can do nothing but review. ' +
        'JSON: {url, port, links: [{name, url}]}, printed once it listens.'
    )
    .argument('[project]', 'folder of a project to open first')
    .option('--port <n>', 'a port of its own, 1 to 65535 (default: as before, the first time any free one)', parsePort)
    .option('--open', 'open the link in the browser')
    .option('--share <names...>', 'let these reviewers in from other machines, each by a secret link of their own')
    .option('--host <address>', 'with --share: the address to listen on (default: all of this machine)')
    .option('--cert <file>', 'with --share: a TLS certificate (PEM); without it names travel readable')
    .option('--key <file>', 'with --share: the key of the certificate (PEM)')
    .action(act(serveCommand))
}

async function serveCommand(session: Session, project: string | undefined, options: Options): Promise<Outcome> {
  const share = shareOptions(session, project, options)
  const core = await openCore(session, null)
  const opened = project === undefined ? undefined : resolve(project)
  const server = await startChoosing(session, core, {
    port: options.port,
    rendererDir: session.settings.rendererDir,
    openProject: opened,
    kept: { folder: opened ?? session.settings.dataDir, must: opened !== undefined },
    share
  }).catch(async (error: unknown) => {
    await core.close()
    throw error
  })
  const { url, port, links } = server
  if (options.open) openInBrowser(url, session)
  if (share && !options.cert)
    session.tell('Without --cert and --key the names travel readable over the network: share on one you trust.')
  const text = [url, ...links.map((link) => `${link.name}\t${link.url}`)].join('\n')
  return { value: { url, port, links }, text, until: stopped(session.signal).then(() => server.close()) }
}

/** Where another program has the port, a person at a terminal says what to do. @throws as `startServer` */
async function startChoosing(session: Session, core: Core, options: ServeOptions): Promise<RunningServer> {
  try {
    return await startServer(core, options)
  } catch (error) {
    if (!(error instanceof NominaError && error.code === 'port-taken') || !session.terminal.ask) throw error
    session.tell(error.message)
    const answer = await session.terminal.ask('Enter: try again · p: another port · q: stop  ')
    if (/^q/i.test(answer)) throw error
    return startChoosing(session, core, { ...options, ...(/^p/i.test(answer) ? { port: 0 } : {}) })
  }
}

/** @throws NominaError('invalid-input') sharing options without --share, or no project to share */
function shareOptions(session: Session, project: string | undefined, options: Options): ShareOptions | undefined {
  const { share: people, host, cert: certificate, key } = options
  if (!people) {
    if (host ?? certificate ?? key)
      throw new NominaError(
        'invalid-input',
        '--host, --cert and --key are for --share: without it only this machine is let in.'
      )
    return undefined
  }
  if (project === undefined)
    throw new NominaError('invalid-input', 'Say which project to share: nomina serve PROJECT --share NAME …')
  const linksFile = join(session.settings.dataDir, 'share-links.json')
  return { people, host, certificate, key, linksFile, project: resolve(project) }
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
