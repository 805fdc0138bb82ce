import { type Direction, directionWords } from './plan.ts';

/** The one form of an angle: degrees clockwise from downwards, any number of turns. */
export function directionOf(degrees: number): Direction {
  const angle = ((degrees % 360) + 360) % 360;
  return directionWords[angle / 90] ?? angle;
}

/** Unit vector of a direction, y downwards. Exact for the four words. */
export function vectorOf(to: Direction): Readonly<{ x: number; y: number }> {
  switch (to) {
    case 'down':
      return { x: 0, y: 1 };
    case 'up':
      return { x: 0, y: -1 };
    case 'right':
      return { x: 1, y: 0 };
    case 'left':
      return { x: -1, y: 0 };
    default: {
      const angle = (to * Math.PI) / 180;
      return { x: -Math.sin(angle), y: Math.cos(angle) };
    }
  }
}
