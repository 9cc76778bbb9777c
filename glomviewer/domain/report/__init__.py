"""What a study's monitor is told: pure values, from which every form of the report is written."""
