/** What a person may call a command who does not know its name: found by the palette, never shown. */
import { t } from '../../i18n'
import texts from '../../i18n/en/keys.json'

type Called = keyof typeof texts.also

export function alsoCalled(id: string): string {
  const key = id.replace('.', '_')
  return key in texts.also ? t(`keys:also.${key as Called}`) : ''
}
