"""Rules on pay, status, cover and licences of workers."""
