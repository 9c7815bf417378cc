/** What the installed app brings for a terminal: `nomina`, on the Node beside it. */
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Of a packaged app's binary: its command, or null where it is Electron's own. */
export function commandOf(app) {
  const places = [join(dirname(app), 'resources'), join(dirname(app), '..', 'Resources')]
  return places.map((folder) => join(folder, 'bin', 'nomina')).find((path) => existsSync(path)) ?? null
}

/** @throws Error where a command fails, or answers something else than it should */
export async function walkCommandLine(command, desktop, { project, image, out }, say) {
  const env = desktop.environment()
  const answer = async (...parameters) => {
    const { stdout } = await run(command, [...parameters, '--json'], { env, maxBuffer: 1 << 26 })
    return JSON.parse(stdout)
  }
  const [{ text }] = await answer('read', image)
  const exported = await answer('export', project, '--out', out)
  const learning = await answer('learning', 'status')
  const doctor = await answer('doctor')
  say(`nomina read ${JSON.stringify(text)}, exported ${exported.rows} rows, learning ${learning.state}, doctor says ${Object.keys(doctor).length} things`) // prettier-ignore
  if (!text || !existsSync(out)) throw new Error('The command line did not read or export.')
  await share(command, project, env)
  say('nomina serve --share: the owner and the reviewer got their page')
}

async function share(command, project, env) {
  const child = spawn(command, ['serve', project, '--share', 'Ben', '--json'], { env })
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { url, port, links } = JSON.parse(line)
      const guest = new URL(links[0].url)
      const here = `http://127.0.0.1:${port}${guest.pathname}${guest.search}`
      for (const link of [url, here]) {
        const { status, headers } = await fetch(link, { redirect: 'manual' })
        const cookie = headers.get('set-cookie')?.split(';')[0]
        const page = await fetch(new URL('/', link), { headers: { cookie } })
        if (!page.ok || !(await page.text()).includes('<div id="app"')) throw new Error(`${link}: ${status}, no page.`)
      }
      return
    }
    throw new Error('nomina serve said nothing.')
  } finally {
    child.kill('SIGTERM')
  }
}
