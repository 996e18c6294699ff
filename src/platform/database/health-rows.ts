type HealthStatusText = 'healthy' | 'degraded' | 'unhealthy' | 'unknown' | 'maintenance';

export type ProviderHealthRow = {
  provider_id: string;
  status: HealthStatusText;
  last_check: string;
  error_count: number;
  availability: number | null;
  error_rate: number | null;
  latency: number | null;
  score: number | null;
};

export type ModelHealthRow = {
  model_id: string;
  provider_id: string;
  status: HealthStatusText;
  last_check: string;
  uptime_24h: number | null;
  error_rate: number | null;
  avg_latency: number | null;
};

export type OfferCountRow = {
  provider_id: string;
  model_id: string;
  attempts: number;
  answered: number;
};
