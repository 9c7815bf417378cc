// Takes the README's pictures of the sample project (made-up names): npm run screenshots
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import sharp from 'sharp'

const root = join(import.meta.dirname, '..')
const home = await mkdtemp(join(tmpdir(), 'nomina-pictures-'))
const app = spawn(process.execPath, [join(root, 'scripts/nomina.mjs'), 'serve', '--json'], {
  env: { ...process.env, NOMINA_HOME: home },
  stdio: ['ignore', 'pipe', 'inherit']
})
const url = await new Promise((resolve) => {
  let said = ''
  app.stdout.on('data', (chunk) => {
    said += chunk
    const found = /http:\/\/[^"\s]+/.exec(said)
    if (found) resolve(found[0])
  })
})

const browser = await chromium.launch({
  executablePath: process.env.NOMINA_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu']
})
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
const page = await context.newPage()
const take = async (name) => {
  await page.waitForTimeout(800)
  const picture = await page.screenshot()
  await sharp(picture)
    .png({ palette: true, quality: 90 })
    .toFile(join(root, 'docs', `${name}.png`))
}
const view = (name) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name }).click()
const theme = (colorScheme) => page.emulateMedia({ colorScheme })

await page.goto(url)
await page.getByRole('button', { name: /Try the sample/ }).waitFor()
await page.getByRole('button', { name: 'You decide as' }).click()
await page.getByRole('dialog').getByRole('textbox').fill('Ada')
await page.keyboard.press('Enter')
await page.getByRole('button', { name: /Try the sample/ }).click()
await page.getByRole('textbox', { name: /^Reading of / }).waitFor({ timeout: 60_000 })
await view('Import')
await page.getByText('Everything is read').waitFor({ timeout: 60_000 })
await take('import')
await view('Review')
await page.getByRole('combobox', { name: 'Order' }).selectOption({ label: 'Lowest confidence first' })
for (let n = 0; n < 3; n++) {
  await page.waitForTimeout(600)
  await page.keyboard.press('Alt+l')
  await page.keyboard.press('Enter')
}
await take('review-light')
await theme('dark')
await take('review-dark')
await theme('light')
await view('List')
await take('list')

await browser.close()
app.kill('SIGTERM')
await new Promise((resolve) => app.once('exit', resolve))
await rm(home, { recursive: true, force: true })
