import { nameOf, type MaintenanceScope, type MaintenanceWindow } from './maintenance-window.js';

/** All that is planned, at one moment. It is never changed, only replaced. */
export class MaintenanceSchedule {
  private readonly byScope: ReadonlyMap<string, MaintenanceWindow>;

  constructor(windows: readonly MaintenanceWindow[]) {
    this.byScope = new Map(windows.map((window) => [keyOf(window), window]));
  }

  /** What keeps calls away from a model at a provider; undefined when nothing does. Cheap: every call asks. */
  at(providerId: string, modelId: string, now: number): MaintenanceWindow | undefined {
    if (this.byScope.size === 0) return undefined;
    return (
      this.underWay({ providerId, modelId: undefined }, now) ??
      this.underWay({ providerId: undefined, modelId }, now) ??
      this.underWay({ providerId, modelId }, now)
    );
  }

  /** What is not over yet, the first to begin first. */
  ahead(now: number): MaintenanceWindow[] {
    return [...this.byScope.values()].filter((window) => !isOver(window, now)).sort((a, b) => a.from - b.from);
  }

  /** By the name that `nameOf` gives it. */
  named(name: string): MaintenanceWindow | undefined {
    return [...this.byScope.values()].find((window) => nameOf(window) === name);
  }

  private underWay(scope: MaintenanceScope, now: number): MaintenanceWindow | undefined {
    const window = this.byScope.get(keyOf(scope));
    return window && window.from <= now && !isOver(window, now) ? window : undefined;
  }
}

/** No provider's id has a space in it, so no two scopes share a key. */
function keyOf({ providerId = '', modelId = '' }: MaintenanceScope): string {
  return `${providerId} ${modelId}`;
}

function isOver({ until }: MaintenanceWindow, now: number): boolean {
  return until !== undefined && until <= now;
}
