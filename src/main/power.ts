/** Where the machine has its power from: learning by itself waits for the mains. */
import { powerMonitor } from 'electron'
import type { Power } from '../core/app'

export const power: Power = {
  onBattery: () => powerMonitor.onBatteryPower,
  onChange(listener) {
    powerMonitor.on('on-ac', listener)
    powerMonitor.on('on-battery', listener)
    return () => {
      powerMonitor.off('on-ac', listener)
      powerMonitor.off('on-battery', listener)
    }
  }
}
