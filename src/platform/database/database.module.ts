import { Module } from '@nestjs/common';
import { DatabaseMetrics } from './database.metrics.js';
import { DatabaseService } from './database.service.js';

@Module({
  providers: [DatabaseMetrics, DatabaseService],
  exports: [DatabaseService],
})
export class DatabaseModule {}
