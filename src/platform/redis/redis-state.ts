/** Whether Redis answers; without `REDIS_URL` there is none, and each concern is kept in this process. */
export type RedisState = 'not_configured' | 'up' | 'down';
