"""Never waits."""
import sys

print("READY")
sys.stdout.flush()
while True:
    pass
