import { nameOf, type MaintenanceWindow } from './maintenance-window.js';

/** No id is empty. */
const ALL = '';

/** All that is planned, at one moment. It is never changed, only replaced. */
export class MaintenanceSchedule {
  /** By provider, then by model. */
  private readonly byScope = new Map<string, Map<string, MaintenanceWindow>>();

  constructor(private readonly windows: readonly MaintenanceWindow[]) {
    for (const window of windows) {
      const { providerId = ALL, modelId = ALL } = window;
      const ofProvider = this.byScope.get(providerId) ?? new Map<string, MaintenanceWindow>();
      this.byScope.set(providerId, ofProvider.set(modelId, window));
    }
  }

  /** What keeps calls away from a model at a provider; undefined when nothing does. Cheap: every call asks. */
  at(providerId: string, modelId: string, now: number): MaintenanceWindow | undefined {
    if (this.byScope.size === 0) return undefined;
    const there = this.byScope.get(providerId);
    return (
      underWay(there?.get(ALL), now) ??
      underWay(this.byScope.get(ALL)?.get(modelId), now) ??
      underWay(there?.get(modelId), now)
    );
  }

  ofProvider(providerId: string, now: number): boolean {
    return underWay(this.byScope.get(providerId)?.get(ALL), now) !== undefined;
  }

  /** What is not over yet, the first to begin first. */
  ahead(now: number): MaintenanceWindow[] {
    return this.windows.filter((window) => !isOver(window, now)).sort((a, b) => a.from - b.from);
  }

  /** By the name that `nameOf` gives it. */
  named(name: string): MaintenanceWindow | undefined {
    return this.windows.find((window) => nameOf(window) === name);
  }
}

function underWay(window: MaintenanceWindow | undefined, now: number): MaintenanceWindow | undefined {
  return window && window.from <= now && !isOver(window, now) ? window : undefined;
}

function isOver({ until }: MaintenanceWindow, now: number): boolean {
  return until !== undefined && until <= now;
}
