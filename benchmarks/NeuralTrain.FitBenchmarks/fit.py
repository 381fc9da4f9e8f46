# One fit by scikit-learn: fit.py FILE HIDDEN BATCH EPOCHS RATE SEED. FILE is what FitTask.Write makes. Prints the same six numbers as the others.
import os, struct, sys, time
import numpy as np

file, hidden, batch, epochs, rate, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]), int(sys.argv[6])
with open(file, "rb") as stream:
    rows, train, inputs, targets, classes = struct.unpack("<5i", stream.read(20))
    values = np.fromfile(stream, dtype="<f4").reshape(rows, inputs + targets)
x, y = values[:, :inputs], values[:, inputs:].argmax(axis=1) if classes else values[:, inputs]

from sklearn.neural_network import MLPClassifier, MLPRegressor
import warnings
warnings.filterwarnings("ignore")

times = []
for run in range(2):
    network = (MLPClassifier if classes else MLPRegressor)(
        hidden_layer_sizes=[int(units) for units in hidden.split(",")], activation="relu", solver="adam", alpha=0, batch_size=batch, learning_rate_init=rate,
        max_iter=epochs, tol=0, n_iter_no_change=10**9, shuffle=True, random_state=seed)
    clock, processor = time.perf_counter(), time.process_time()
    network.fit(x[:train], y[:train])
    times += [time.perf_counter() - clock, time.process_time() - processor]
answer = network.predict(x[train:])
score = (answer == y[train:]).mean() if classes else np.sqrt(((answer - y[train:]) ** 2).mean())
print(*times, score)
