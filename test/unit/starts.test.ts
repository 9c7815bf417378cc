import { expect, it } from 'vitest'
import { whatIsGiven } from '../../src/main/starts'

const given = (packaged: boolean, argv: string[], environment = {}): string[] =>
  whatIsGiven(packaged, ['nomina', ...argv], environment).paths

it('takes paths of the installed app’s parameters, also as URLs that a file manager gives, and no options', () => {
  expect(given(true, ['--no-sandbox', '/scans/a b', 'file:///scans/%C3%A9t%C3%A9%20%231'])).toEqual([
    '/scans/a b',
    '/scans/été #1'
  ])
  expect(given(true, ['file.pdf'])).toEqual([`${process.cwd()}/file.pdf`])
})

it('takes the launcher’s project first, and no parameters of Electron’s own binary', () => {
  expect(given(false, ['/clone'], { NOMINA_PROJECT: '/project' })).toEqual(['/project'])
})
