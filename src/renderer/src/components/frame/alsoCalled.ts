/** What a person may call a command who does not know its name: found by the palette, never shown. */
import { t } from '../../i18n'
import { en } from '../../i18n/en'

type Called = keyof typeof en.keys.also

export function alsoCalled(id: string): string {
  const key = id.replace('.', '_')
  return key in en.keys.also ? t(`keys:also.${key as Called}`) : ''
}
