import { z } from 'zod';
import { changeSettings } from '../state/settings';
import { invalid, readControl, type Control, type ControlCall } from './control';

const advance = z.strictObject({ advanceMs: z.number().min(0) });

/** Settings, clock and counters. */
export const settingControls: Control[] = [
  {
    method: 'GET',
    path: '/_simulator/settings',
    summary: 'Shows the settings: propagation, overage, throttle, latency, faults and others.',
    handle: ({ simulator }) => ({ body: simulator.settings }),
  },
  {
    method: 'PUT',
    path: '/_simulator/settings',
    summary: 'Replaces the given top-level settings and keeps the others.',
    handle: putSettings,
  },
  {
    method: 'GET',
    path: '/_simulator/clock',
    summary: "Shows the simulator's time and how far it is ahead of real time.",
    handle: ({ simulator }) => ({ body: readClock(simulator) }),
  },
  {
    method: 'POST',
    path: '/_simulator/clock',
    summary: 'Moves the clock forward: { "advanceMs": 3600000 }.',
    handle: ({ simulator, body }) => {
      const { advanceMs } = readControl(advance, body);
      simulator.record({ offsetMs: simulator.clock.offsetMs + advanceMs });
      return { body: readClock(simulator) };
    },
  },
  {
    method: 'GET',
    path: '/_simulator/counters',
    summary: 'Shows the number of calls per operation and per status.',
    handle: ({ simulator }) => ({ body: simulator.counters.read() }),
  },
  {
    method: 'DELETE',
    path: '/_simulator/counters',
    summary: 'Sets all counters to zero.',
    handle: ({ simulator }) => {
      simulator.counters.reset();
      return { status: 204 };
    },
  },
];

function putSettings({ simulator, body }: ControlCall): { body: unknown } {
  try {
    const settings = changeSettings(simulator.settings, body);
    const isThrottled =
      JSON.stringify(settings.throttle) !== JSON.stringify(simulator.settings.throttle);
    simulator.record({ settings });
    if (isThrottled) simulator.throttle.reset();
    return { body: settings };
  } catch (error) {
    throw error instanceof z.ZodError ? invalid(error) : error;
  }
}

function readClock({ clock }: ControlCall['simulator']): unknown {
  return { now: new Date(clock.now()).toISOString(), aheadMs: clock.offsetMs };
}
