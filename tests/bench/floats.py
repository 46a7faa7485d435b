class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def advance(bodies, dt):
    n = len(bodies)
    for i in range(n):
        a = bodies[i]
        for j in range(i + 1, n):
            b = bodies[j]
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            d2 = dx * dx + dy * dy + dz * dz
            mag = dt / (d2 * d2**0.5)
            a.vx -= dx * b.mass * mag
            a.vy -= dy * b.mass * mag
            a.vz -= dz * b.mass * mag
            b.vx += dx * a.mass * mag
            b.vy += dy * a.mass * mag
            b.vz += dz * a.mass * mag
    for b in bodies:
        b.x += dt * b.vx
        b.y += dt * b.vy
        b.z += dt * b.vz


def mandelbrot(size):
    inside = 0
    for py in range(size):
        cy = 2.0 * py / size - 1.0
        for px in range(size):
            cx = 2.0 * px / size - 1.5
            x = y = 0.0
            for _ in range(40):
                x, y = x * x - y * y + cx, 2.0 * x * y + cy
                if x * x + y * y > 4.0:
                    break
            else:
                inside += 1
    return inside


bodies = [Body(i * 1.5, i * -0.7, i * 0.3, 0.01 * i, 0.02, -0.01 * i, 1.0 / (i + 1)) for i in range(5)]
for _ in range(16000):
    advance(bodies, 0.001)
print("%.9f %.9f" % (bodies[0].x, bodies[4].vz), mandelbrot(160))
